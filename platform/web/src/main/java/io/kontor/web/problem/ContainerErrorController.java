package io.kontor.web.problem;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Problem details for errors from the servlet container or a filter. */
@RestController
@Hidden
public final class ContainerErrorController implements ErrorController {
  private final SecurityProblemHandler answers;

  ContainerErrorController(SecurityProblemHandler answers) {
    this.answers = answers;
  }

  @RequestMapping("${server.error.path:/error}")
  void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? code
            : 404;
    answers.write(
        cause(request)
            .flatMap(DatabaseProblems::of)
            .orElseGet(() -> ProblemExceptionHandler.of(HttpStatusCode.valueOf(status))),
        request,
        response);
  }

  private static Optional<Throwable> cause(HttpServletRequest request) {
    return Optional.ofNullable(request.getAttribute(RequestDispatcher.ERROR_EXCEPTION))
        .map(Throwable.class::cast);
  }
}
