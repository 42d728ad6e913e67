package io.kontor.web.problem;

import io.kontor.web.problem.ProblemException.FieldError;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Turns every exception of a controller into problem details, without internal information. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class ProblemExceptionHandler extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemExceptionHandler.class);
  private static final Pattern REFUSED_VALUE = Pattern.compile("[a-z][A-Za-z0-9]*: must .+");

  @ExceptionHandler
  ResponseEntity<Object> problem(ProblemException problem, HttpServletRequest request) {
    return respond(problem, request);
  }

  @Override
  protected ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException whileReading) {
        return respond(whileReading, request);
      }
    }
    FieldError error =
        failure.getCause() instanceof JacksonException json
            ? JsonBindingErrors.of(json)
            : new FieldError("", "a JSON body is required");
    return respond(ProblemException.invalid(List.of(error)), request);
  }

  @ExceptionHandler
  ResponseEntity<Object> wrongType(
      MethodArgumentTypeMismatchException failure, HttpServletRequest request) {
    Class<?> type = failure.getRequiredType();
    String expected = type == null ? "of another type" : "a valid " + type.getSimpleName();
    return respond(ProblemException.invalid(failure.getName(), "must be " + expected), request);
  }

  @Override
  protected ResponseEntity<Object> handleMissingServletRequestParameter(
      MissingServletRequestParameterException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return respond(ProblemException.invalid(failure.getParameterName(), "is required"), request);
  }

  @ExceptionHandler
  ResponseEntity<Object> missing(
      MissingRequestHeaderException failure, HttpServletRequest request) {
    return respond(ProblemException.invalid(failure.getHeaderName(), "is required"), request);
  }

  /** Spring Security's firewall checks a header when it is read. */
  @ExceptionHandler
  ResponseEntity<Object> firewalled(RequestRejectedException failure, HttpServletRequest request) {
    var error = new FieldError("", "a header or parameter has characters that are not allowed");
    return respond(ProblemException.invalid(List.of(error)), request);
  }

  /**
   * A message's constructor rejected a value of the request, in the format of {@code Validation}.
   */
  @ExceptionHandler
  ResponseEntity<Object> refused(IllegalArgumentException failure, HttpServletRequest request) {
    return REFUSED_VALUE.matcher(String.valueOf(failure.getMessage())).matches()
        ? respond(ProblemException.invalid(List.of(JsonBindingErrors.of(failure, ""))), request)
        : unexpected(failure, request);
  }

  @ExceptionHandler
  ResponseEntity<Object> other(Exception failure, HttpServletRequest request) throws Exception {
    if (failure instanceof AccessDeniedException || failure instanceof AuthenticationException) {
      throw failure; // Spring Security handles these
    }
    // A functional endpoint's is wrapped.
    if (failure instanceof IncompleteResponseException
        || failure.getCause() instanceof IncompleteResponseException) {
      throw failure; // the container breaks the connection off
    }
    return DatabaseProblems.of(failure)
        .map(problem -> respond(problem, request))
        .orElseGet(() -> unexpected(failure, request));
  }

  /** Spring MVC's own rejections, with their status and headers. */
  @Override
  protected ResponseEntity<Object> handleExceptionInternal(
      Exception failure,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return status.value() == HttpStatus.INTERNAL_SERVER_ERROR.value()
        ? unexpected(failure, servlet(request))
        : respond(of(status, headers), request);
  }

  private static ProblemException of(HttpStatusCode status, HttpHeaders headers) {
    ProblemException problem = of(status);
    for (var header : headers.headerSet()) {
      for (String value : header.getValue()) {
        problem = problem.withHeader(header.getKey(), value);
      }
    }
    return problem;
  }

  /** A problem of which only the status is known. */
  static ProblemException of(HttpStatusCode status) {
    HttpStatus known = HttpStatus.resolve(status.value());
    if (known == null || (known.is5xxServerError() && known != HttpStatus.SERVICE_UNAVAILABLE)) {
      return new ProblemException(
          ProblemType.INTERNAL_ERROR, "something went wrong here; the correlation id leads to it");
    }
    return switch (known) {
      case BAD_REQUEST ->
          ProblemException.invalid(List.of(new FieldError("", "the request is not valid")));
      case NOT_FOUND -> ProblemException.notFound("there is nothing at this path");
      default -> {
        String phrase = known.getReasonPhrase();
        yield new ProblemException(
            known,
            phrase.toLowerCase(Locale.ROOT).replace(' ', '-'),
            phrase.substring(0, 1) + phrase.substring(1).toLowerCase(Locale.ROOT),
            "this path does not do that");
      }
    };
  }

  private static ResponseEntity<Object> unexpected(Exception failure, HttpServletRequest request) {
    LOG.error(
        "request failed method={} path={}", request.getMethod(), request.getRequestURI(), failure);
    return respond(of(HttpStatus.INTERNAL_SERVER_ERROR), request);
  }

  private static ResponseEntity<Object> respond(ProblemException problem, WebRequest request) {
    return respond(problem, servlet(request));
  }

  private static HttpServletRequest servlet(WebRequest request) {
    return ((ServletWebRequest) request).getRequest();
  }

  private static ResponseEntity<Object> respond(
      ProblemException problem, HttpServletRequest request) {
    return ResponseEntity.status(problem.status())
        .headers(problem.headers())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem.body(request.getRequestURI()));
  }
}
