package io.kontor.web.security;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;

/** Requests that bring all that authenticates them: there is no session, no login and no cookie. */
public final class StatelessRequests {
  private StatelessRequests() {}

  /** Leaves out what is there for browsers with a session. */
  public static HttpSecurity configure(HttpSecurity http) throws Exception {
    return http.securityContext(
            context ->
                context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
        .sessionManagement(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable);
  }
}
