package io.kontor.web.security;

import org.springframework.security.core.GrantedAuthority;

/** A role as Spring Security's {@code hasRole} asks for it. */
record RoleAuthority(Role role) implements GrantedAuthority {
  @Override
  public String getAuthority() {
    return "ROLE_" + role.name();
  }
}
