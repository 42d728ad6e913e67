package io.kontor.web.request;

import io.kontor.web.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Rejects a repeated parameter: Spring would take the first value, or join the values by a comma.
 */
public final class GivenOnce implements HandlerInterceptor, WebMvcConfigurer {
  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (request.getQueryString() != null) {
      request.getParameterMap().forEach(GivenOnce::requireOne);
    }
    return true;
  }

  private static void requireOne(String name, String[] values) {
    if (values.length > 1) {
      throw ProblemException.invalid(name, "is given %d times".formatted(values.length));
    }
  }
}
