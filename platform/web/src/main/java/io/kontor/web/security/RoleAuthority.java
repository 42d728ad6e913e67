package io.kontor.web.security;

import org.springframework.security.core.GrantedAuthority;

/** A role as an authority for Spring Security's {@code hasRole}. */
record RoleAuthority(Role role) implements GrantedAuthority {
  @Override
  public String getAuthority() {
    return "ROLE_" + role.name();
  }
}
