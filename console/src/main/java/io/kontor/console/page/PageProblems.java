package io.kontor.console.page;

import io.kontor.console.client.ApiProblemException;
import io.kontor.web.correlation.CorrelationContext;
import io.kontor.web.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.ModelAndView;

/** Turns what goes wrong into a page that says so, with the correlation id. */
@ControllerAdvice(basePackageClasses = PageProblems.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PageProblems {
  private static final Logger LOG = LoggerFactory.getLogger(PageProblems.class);

  private final PageValues values;

  PageProblems(PageValues values) {
    this.values = values;
  }

  @ExceptionHandler
  ModelAndView problem(ApiProblemException problem, Locale locale) {
    return page(problem.status(), problem, "unknown", locale);
  }

  /** What the console itself refuses, before it calls the API. */
  @ExceptionHandler
  ModelAndView refused(ProblemException problem, Locale locale) {
    return page(problem.status().value(), null, problem.slug(), locale);
  }

  @ExceptionHandler(MissingServletRequestParameterException.class)
  ModelAndView invalid(Locale locale) {
    return page(HttpStatus.BAD_REQUEST.value(), null, "invalid-request", locale);
  }

  /** An id that is none names nothing. */
  @ExceptionHandler(MethodArgumentTypeMismatchException.class)
  ModelAndView nothing(Locale locale) {
    return page(HttpStatus.NOT_FOUND.value(), null, "not-found", locale);
  }

  @ExceptionHandler
  ModelAndView other(Exception failure, HttpServletRequest request, Locale locale)
      throws Exception {
    if (failure instanceof AccessDeniedException || failure instanceof AuthenticationException) {
      throw failure; // Spring Security handles these
    }
    LOG.error(
        "request failed method={} path={}", request.getMethod(), request.getRequestURI(), failure);
    return page(HttpStatus.INTERNAL_SERVER_ERROR.value(), null, "internal-error", locale);
  }

  /** The page of a problem of which only the kind is known. */
  ModelAndView page(HttpStatus status, String slug, Locale locale) {
    return page(status.value(), null, slug, locale);
  }

  private ModelAndView page(
      int status, @Nullable ApiProblemException problem, String slug, Locale locale) {
    var page = new ModelAndView("console/problem", HttpStatus.valueOf(status));
    page.addObject("problem", problem);
    page.addObject("slug", slug);
    page.addObject("person", values.person());
    page.addObject("show", values.display(locale));
    page.addObject("correlation", CorrelationContext.currentId());
    return page;
  }
}
