package io.kontor.web.security;

import static io.kontor.web.security.Role.AUDITOR;
import static io.kontor.web.security.Role.CUSTOMER;
import static io.kontor.web.security.Role.TELLER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

@Tag("fast")
class OpeningRolesTest {
  private final MockHttpServletRequest request = new MockHttpServletRequest();

  @Test
  void aRoleThatDoesNotOpenTheCallAddsNothingToTheOneThatDoes() {
    assertThat(isOpen(OpeningRoles.of(TELLER, CUSTOMER), CUSTOMER, AUDITOR)).isTrue();
    assertThat(OpeningRoles.usedIn(request)).containsExactly(CUSTOMER);
    assertThat(new Caller("alice", OpeningRoles.usedIn(request)).asCustomer()).isEqualTo("alice");
  }

  @Test
  void anotherRoleThatOpensTheCallMakesItForAnybody() {
    assertThat(isOpen(OpeningRoles.of(TELLER, CUSTOMER, AUDITOR), CUSTOMER, AUDITOR)).isTrue();
    assertThat(OpeningRoles.usedIn(request)).containsExactlyInAnyOrder(CUSTOMER, AUDITOR);
    assertThat(new Caller("alice", OpeningRoles.usedIn(request)).asCustomer()).isNull();
  }

  @Test
  void withoutARoleThatOpensItACallIsClosedAndHasNoCaller() {
    assertThat(isOpen(OpeningRoles.of(TELLER), CUSTOMER, AUDITOR)).isFalse();
    assertThat(OpeningRoles.usedIn(request)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> new Caller("alice", Set.of()));
  }

  private boolean isOpen(OpeningRoles call, Role... roles) {
    var authorities = Stream.of(roles).map(RoleAuthority::new).toList();
    var caller = new TestingAuthenticationToken("alice", "", authorities);
    return call.authorize(() -> caller, new RequestAuthorizationContext(request)).isGranted();
  }
}
