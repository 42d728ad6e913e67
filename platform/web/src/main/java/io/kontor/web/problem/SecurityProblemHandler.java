package io.kontor.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems for requests that reach no controller, from filters and Spring Security. */
public final class SecurityProblemHandler implements AuthenticationEntryPoint, AccessDeniedHandler {
  private final BearerTokenAuthenticationEntryPoint challenge =
      new BearerTokenAuthenticationEntryPoint();
  private final JsonMapper json;

  public SecurityProblemHandler(JsonMapper json) {
    this.json = json;
  }

  /** Writes {@code problem} as the response. */
  public void write(
      ProblemException problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    problem
        .headers()
        .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    response.setStatus(problem.status().value());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.getOutputStream().write(json.writeValueAsBytes(problem.body(request.getRequestURI())));
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    challenge.commence(request, response, failure);
    write(
        new ProblemException(
            ProblemType.UNAUTHORIZED, "a valid bearer token is required" + reason(failure)),
        request,
        response);
  }

  /** What is wrong with a token whose signature is valid; no details for any other. */
  private static String reason(AuthenticationException failure) {
    return failure.getCause() instanceof JwtValidationException invalid
        ? invalid.getErrors().stream()
            .map(error -> ": " + error.getDescription())
            .findFirst()
            .orElse("")
        : "";
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
      throws IOException {
    write(forbidden("the token's roles do not allow this"), request, response);
  }

  public static ProblemException forbidden(String detail) {
    return new ProblemException(ProblemType.FORBIDDEN, detail);
  }
}
