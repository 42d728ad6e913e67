package io.kontor.web.openapi;

import static org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemType;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Answers with problem details: one a status, with the slugs of its problems as named examples. */
final class DescribedProblems {
  private static final String PROBLEM = "#/components/schemas/Problem";

  private DescribedProblems() {}

  static ApiResponse answer(Components components, HttpStatus status, List<String> slugs) {
    var media = new MediaType().schema(new JsonSchema().$ref(PROBLEM));
    for (String slug : slugs) {
      components.addExamples(slug, example(ProblemType.ofSlug(slug)));
      media.addExamples(slug, new Example().$ref("#/components/examples/" + slug));
    }
    var response =
        new ApiResponse()
            .description(slugs.stream().map("`%s`"::formatted).collect(Collectors.joining(", ")))
            .content(content(media));
    common(response);
    switch (status) {
      case UNAUTHORIZED -> DescribedHeaders.add(response, HttpHeaders.WWW_AUTHENTICATE);
      case UNSUPPORTED_MEDIA_TYPE -> DescribedHeaders.add(response, HttpHeaders.ACCEPT);
      case CONFLICT -> {
        if (slugs.contains("idempotency-in-progress")) {
          DescribedHeaders.add(response, HttpHeaders.RETRY_AFTER);
        }
      }
      case SERVICE_UNAVAILABLE -> DescribedHeaders.add(response, HttpHeaders.RETRY_AFTER);
      case TOO_MANY_REQUESTS -> {
        DescribedHeaders.add(response, HttpHeaders.RETRY_AFTER);
        DescribedHeaders.add(response, KontorHeaders.RATE_LIMIT);
        DescribedHeaders.add(response, KontorHeaders.RATE_LIMIT_POLICY);
      }
      default -> {}
    }
    return response;
  }

  /** What HTTP itself defines, such as 405 and 406, and 500. */
  static ApiResponse anyOther() {
    var response =
        new ApiResponse()
            .description("Any other problem, such as 405, 406 or 500 `internal-error`")
            .content(content(new MediaType().schema(new JsonSchema().$ref(PROBLEM))));
    common(response);
    return response;
  }

  static void common(ApiResponse response) {
    DescribedHeaders.add(response, KontorHeaders.CORRELATION_ID);
    DescribedHeaders.add(response, DescribedHeaders.TRACE_PARENT);
  }

  private static Content content(MediaType media) {
    return new Content().addMediaType(APPLICATION_PROBLEM_JSON_VALUE, media);
  }

  private static Example example(ProblemType type) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "https://kontor.example/problems/" + type.slug());
    problem.put("title", type.title());
    problem.put("status", type.status().value());
    problem.put("detail", "a sentence for people");
    problem.put("instance", "/v1/the/path/of/the/request");
    if (type.status() == HttpStatus.BAD_REQUEST) {
      problem.put(
          "errors", List.of(Map.of("pointer", "/amount/currency", "detail", "is required")));
    }
    return new Example().summary(type.meaning()).value(problem);
  }
}
