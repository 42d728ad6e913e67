package io.kontor.web;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Who is calling. The tenant is not here: it is {@link io.kontor.tenancy.Tenancy#current()}.
 *
 * @param subject the token's {@code sub}
 */
public record Caller(String subject, Set<Role> roles) {

  /**
   * The caller of the request that this thread serves.
   *
   * @throws AuthenticationCredentialsNotFoundException when nobody is authenticated
   */
  public static Caller current() {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    if (authentication == null) {
      throw new AuthenticationCredentialsNotFoundException("no caller");
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (var authority : authentication.getAuthorities()) {
      if (authority instanceof RoleAuthority granted) {
        roles.add(granted.role());
      }
    }
    return new Caller(authentication.getName(), roles);
  }

  public boolean is(Role role) {
    return roles.contains(role);
  }

  /** The subject when the caller acts as a customer only and sees only its own, else null. */
  public @Nullable String asCustomer() {
    return is(Role.CUSTOMER) && !is(Role.TELLER) && !is(Role.AUDITOR) ? subject : null;
  }
}
