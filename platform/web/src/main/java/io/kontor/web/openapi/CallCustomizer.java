package io.kontor.web.openapi;

import static org.springframework.core.annotation.AnnotatedElementUtils.findMergedAnnotation;
import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.kontor.web.header.KontorHeaders;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOperationComponentsCustomizer;
import org.springdoc.core.utils.SpringDocAnnotationsUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.HandlerMethod;

/**
 * Completes what springdoc reads from a call's signature: parameters with their formats, the status
 * and the headers of success, and every problem that the call can answer.
 */
public final class CallCustomizer implements GlobalOperationComponentsCustomizer {
  @Override
  public Operation customize(Operation operation, HandlerMethod method) {
    return customize(operation, new Components(), method);
  }

  @Override
  public Operation customize(Operation operation, Components components, HandlerMethod method) {
    var call = new Call(operation, components, method);
    call.describeParameters();
    call.describeAnswers();
    return operation;
  }

  /** One call while it is described. */
  private static final class Call {
    private final Operation operation;
    private final Components components;
    private final HandlerMethod method;
    private final @Nullable Answers answers;
    private final boolean isPublic;
    private final boolean isRead;
    private final boolean sendsCommand;
    private final boolean hasKey;
    private final boolean hasIfMatch;

    Call(Operation operation, Components components, HandlerMethod method) {
      this.operation = operation;
      this.components = components;
      this.method = method;
      answers = method.getMethodAnnotation(Answers.class);
      isPublic = method.hasMethodAnnotation(SecurityRequirements.class);
      isRead = isRead(method);
      sendsCommand = AnnotatedElementUtils.hasAnnotation(method.getBeanType(), SendsCommands.class);
      hasKey = !isRead && !isPublic;
      hasIfMatch = method.hasMethodAnnotation(IfMatch.class);
    }

    void describeParameters() {
      DescribedParameters.remove(operation, KontorHeaders.IDEMPOTENCY_KEY);
      if (operation.getParameters() != null) {
        operation.getParameters().forEach(DescribedParameters::complete);
      }
      if (hasKey) {
        DescribedParameters.addIdempotencyKey(
            operation, method.hasMethodAnnotation(MovesMoney.class));
      }
      if (hasIfMatch) {
        DescribedParameters.addIfMatch(operation);
      }
      if (hasOutcome()) {
        DescribedParameters.addPrefer(operation);
      }
    }

    void describeAnswers() {
      ApiResponses read =
          Objects.requireNonNullElseGet(operation.getResponses(), ApiResponses::new);
      var described = new ApiResponses();
      HttpStatus success = success();
      if (answers != null && hasOutcome()) {
        ApiResponse outcome =
            succeeded("The outcome, when it came in time", content(answers.outcome()));
        DescribedHeaders.add(outcome, DescribedHeaders.PREFERENCE_APPLIED);
        described.addApiResponse("200", outcome);
      }
      described.addApiResponse(
          Integer.toString(success.value()), succeeded(success.getReasonPhrase(), body(read)));
      problem(described, HttpStatus.BAD_REQUEST, List.of("invalid-request"));
      if (!isPublic) {
        problem(described, HttpStatus.UNAUTHORIZED, List.of("unauthorized"));
        problem(described, HttpStatus.FORBIDDEN, List.of("forbidden", "unknown-tenant"));
      }
      if (mayNotFindItsPath() || (answers != null && answers.mayBeUnknown())) {
        problem(described, HttpStatus.NOT_FOUND, List.of("not-found"));
      }
      problem(described, HttpStatus.CONFLICT, conflicts());
      if (hasIfMatch) {
        problem(described, HttpStatus.PRECONDITION_FAILED, List.of("version-mismatch"));
      }
      if (operation.getRequestBody() != null) {
        problem(described, HttpStatus.CONTENT_TOO_LARGE, List.of("content-too-large"));
        problem(described, HttpStatus.UNSUPPORTED_MEDIA_TYPE, List.of("unsupported-media-type"));
      }
      problem(described, HttpStatus.UNPROCESSABLE_CONTENT, rejections());
      problem(described, HttpStatus.TOO_MANY_REQUESTS, limits());
      if (!isPublic) {
        problem(described, HttpStatus.SERVICE_UNAVAILABLE, outages());
      }
      described.addApiResponse("default", DescribedProblems.anyOther());
      operation.setResponses(described);
    }

    private boolean hasOutcome() {
      return answers != null && answers.outcome() != Void.class;
    }

    private HttpStatus success() {
      if (answers != null) {
        return answers.value();
      }
      ResponseStatus declared = findMergedAnnotation(method.getMethod(), ResponseStatus.class);
      return declared == null ? HttpStatus.OK : declared.code();
    }

    private ApiResponse succeeded(String text, @Nullable Content content) {
      var response = new ApiResponse().description(text).content(content);
      DescribedProblems.common(response);
      if (sendsCommand || (answers != null && answers.position())) {
        DescribedHeaders.add(response, KontorHeaders.POSITION);
      }
      if (hasKey) {
        DescribedHeaders.add(response, KontorHeaders.IDEMPOTENT_REPLAYED);
      }
      if (answers != null && answers.location()) {
        DescribedHeaders.add(response, HttpHeaders.LOCATION);
      }
      if (answers != null && answers.document()) {
        DescribedHeaders.add(response, HttpHeaders.CONTENT_DISPOSITION);
      }
      if (hasVersion()) {
        DescribedHeaders.add(response, HttpHeaders.ETAG);
      }
      return response;
    }

    /** A command's result has a version, and what a read wraps in a {@code ResponseEntity}. */
    private boolean hasVersion() {
      Class<?> body = answers == null ? Void.class : answers.body();
      if (body == Void.class
          && method.getMethod().getGenericReturnType() instanceof ParameterizedType entity
          && entity.getRawType() == ResponseEntity.class
          && entity.getActualTypeArguments()[0] instanceof Class<?> type) {
        body = type;
        if (isRead) {
          return type.isRecord();
        }
      }
      return sendsCommand
          && body.isRecord()
          && Arrays.stream(body.getRecordComponents())
              .anyMatch(component -> component.getName().equals("version"));
    }

    private @Nullable Content body(ApiResponses read) {
      if (answers != null && answers.body() != Void.class) {
        return content(answers.body());
      }
      return read.entrySet().stream()
          .filter(entry -> entry.getKey().startsWith("2"))
          .map(entry -> entry.getValue().getContent())
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }

    private Content content(Type type) {
      var schema =
          SpringDocAnnotationsUtils.extractSchema(components, type, null, null, SpecVersion.V31);
      return new Content().addMediaType(APPLICATION_JSON_VALUE, new MediaType().schema(schema));
    }

    private void problem(ApiResponses described, HttpStatus status, List<String> slugs) {
      if (!slugs.isEmpty()) {
        described.addApiResponse(
            Integer.toString(status.value()), DescribedProblems.answer(components, status, slugs));
      }
    }

    private List<String> conflicts() {
      List<String> slugs = new ArrayList<>();
      if (sendsCommand && hasKey) {
        slugs.add("idempotency-in-progress");
      }
      if (answers != null) {
        slugs.addAll(List.of(answers.conflicts()));
      }
      return slugs;
    }

    private List<String> rejections() {
      List<String> slugs = new ArrayList<>();
      if (answers != null) {
        slugs.addAll(List.of(answers.rejections()));
      }
      if (hasKey) {
        slugs.add("idempotency-key-reuse");
      }
      return slugs;
    }

    private List<String> limits() {
      List<String> slugs = new ArrayList<>(List.of("rate-limited"));
      if (!isPublic) {
        slugs.add("too-many-requests");
      }
      if (answers != null) {
        slugs.addAll(List.of(answers.limits()));
      }
      return slugs;
    }

    private List<String> outages() {
      return isRead
          ? List.of(
              "read-model-behind", "not-served-here", "database-unavailable", "issuer-unavailable")
          : List.of("store-busy", "database-unavailable", "issuer-unavailable");
    }

    /** Of a data subject nothing may be known, and still it can be forgotten. */
    private boolean mayNotFindItsPath() {
      return operation.getParameters() != null
          && operation.getParameters().stream()
              .filter(parameter -> "path".equals(parameter.getIn()))
              .anyMatch(parameter -> !parameter.getName().equals("subject"));
    }

    private static boolean isRead(HandlerMethod method) {
      RequestMapping mapping = findMergedAnnotation(method.getMethod(), RequestMapping.class);
      return mapping != null && List.of(mapping.method()).equals(List.of(RequestMethod.GET));
    }
  }
}
