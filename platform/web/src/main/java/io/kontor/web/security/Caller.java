package io.kontor.web.security;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.Authentication;

/**
 * The caller of a request. Its tenant is {@link io.kontor.tenancy.TenantContext#current()}.
 *
 * @param subject the token's {@code sub}
 * @param roles the token's roles that permit the call, at least one; its other roles are left out
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
   * The caller of this thread's request.
   *
   * @throws AuthenticationCredentialsNotFoundException when the call required no role
   */
  public static Caller current() {
    return CURRENT.orElseThrow(() -> new AuthenticationCredentialsNotFoundException("no caller"));
  }

  /**
   * The subject when only the customer role permits this call: it may then concern the customer's
   * own data only. Null when another role permits it for any customer.
   */
  public @Nullable String asCustomer() {
    return roles.equals(Set.of(Role.CUSTOMER)) ? subject : null;
  }

  /** All roles of a token. */
  public static Set<Role> roles(Authentication authentication) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (var authority : authentication.getAuthorities()) {
      if (authority instanceof RoleAuthority granted) {
        roles.add(granted.role());
      }
    }
    return roles;
  }
}
