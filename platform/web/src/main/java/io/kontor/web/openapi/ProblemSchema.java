package io.kontor.web.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.web.problem.ProblemException.FieldError;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes the problem details of this API, whose additional member is {@code errors}; Spring's
 * {@code ProblemDetail} has them in a map.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Problem")
record ProblemSchema(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    @Nullable List<FieldError> errors) {}
