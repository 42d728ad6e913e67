package io.kontor.web.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An RFC 9457 problem details body. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Problem")
public record ProblemBody(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    @Nullable List<ProblemException.FieldError> errors) {

  public static ProblemBody of(ProblemException problem, String path) {
    int status = problem.status().value();
    return new ProblemBody(
        problem.type(),
        problem.title(),
        status,
        problem.detail(),
        path,
        status == 400 ? problem.errors() : null);
  }
}
