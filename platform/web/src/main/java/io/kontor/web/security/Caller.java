package io.kontor.web.security;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.Authentication;

/**
 * Who makes a call. The tenant is not here: it is {@link
 * io.kontor.tenancy.TenantContext#current()}.
 *
 * @param subject the token's {@code sub}
 * @param roles those of the token's roles that open the call, at least one; never what else the
 *     token may do elsewhere
 */
public record Caller(String subject, Set<Role> roles) {
  static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

  public Caller {
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("no role opens this call");
    }
    roles = Set.copyOf(roles);
  }

  /**
   * The caller of the request that this thread serves.
   *
   * @throws AuthenticationCredentialsNotFoundException when it came in without a role
   */
  public static Caller current() {
    return CURRENT.orElseThrow(() -> new AuthenticationCredentialsNotFoundException("no caller"));
  }

  /**
   * The subject when only being a customer opens this call: then it is about their own. Every other
   * role that opens a call makes it for anybody; null then.
   */
  public @Nullable String asCustomer() {
    return roles.equals(Set.of(Role.CUSTOMER)) ? subject : null;
  }

  /** All roles that a token grants. */
  static Set<Role> roles(Authentication authentication) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (var authority : authentication.getAuthorities()) {
      if (authority instanceof RoleAuthority granted) {
        roles.add(granted.role());
      }
    }
    return roles;
  }
}
