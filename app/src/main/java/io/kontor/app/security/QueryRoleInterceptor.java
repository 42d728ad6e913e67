package io.kontor.app.security;

import io.kontor.cluster.role.NodeRole;
import io.kontor.cluster.role.NodeRoles;
import io.kontor.eventstore.axonserver.AxonServerProperties;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Rejects reads on a node without role query. The status is 503 although 421 would be exact: on 503
 * clients and load balancers retry on another node. With Axon Server, queries are routed to a node
 * that has the role.
 */
@Component
public class QueryRoleInterceptor implements HandlerInterceptor, WebMvcConfigurer {
  private final NodeRoles roles;
  private final boolean routesQueries;

  QueryRoleInterceptor(Environment environment) {
    this.roles = NodeRoles.of(environment);
    this.routesQueries = AxonServerProperties.areNeeded(environment);
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    if (!roles.include(NodeRole.QUERY) && !routesQueries) {
      registry.addInterceptor(this).addPathPatterns("/v1/**");
    }
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    String method = request.getMethod();
    if (HttpMethod.GET.matches(method) || HttpMethod.HEAD.matches(method)) {
      throw ProblemException.tryAgain(
          ProblemType.NOT_SERVED_HERE,
          "this node answers no reads, its roles are %s: ask another node".formatted(roles));
    }
    return true;
  }
}
