package io.kontor.web.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocAnnotationsUtils;

/** Adds what calls refer to, puts examples beside the bodies that they are of, and sorts. */
public final class DescriptionCustomizer implements OpenApiCustomizer {
  @Override
  public void customise(OpenAPI description) {
    Components components = description.getComponents();
    DescribedHeaders.register(components);
    SpringDocAnnotationsUtils.extractSchema(
        components, ProblemSchema.class, null, null, SpecVersion.V31);
    var sorted = new Paths();
    new TreeMap<>(description.getPaths()).forEach(sorted::addPathItem);
    description.setPaths(sorted);
    sorted.values().stream()
        .map(PathItem::readOperations)
        .flatMap(List::stream)
        .map(call -> call.getRequestBody())
        .filter(Objects::nonNull)
        .flatMap(body -> body.getContent().values().stream())
        .forEach(body -> describe(body, components));
    components.getSchemas().values().forEach(DescriptionCustomizer::removeExample);
    components.setSchemas(new TreeMap<>(components.getSchemas()));
  }

  private static void describe(MediaType body, Components components) {
    Schema<?> schema = referred(body.getSchema(), components);
    if (schema != null) {
      body.setExample(schema.getExample());
      leaveOut(schema, components);
    }
  }

  private static void removeExample(Schema<?> schema) {
    schema.setExample(null);
    schema.setExampleSetFlag(false);
  }

  /** What may be null in a request may be left out. */
  private static void leaveOut(Schema<?> request, Components components) {
    if (request.getProperties() == null) {
      return;
    }
    for (String name : Set.copyOf(request.getProperties().keySet())) {
      Schema<?> property = Objects.requireNonNull(request.getProperties().get(name));
      if (isNullable(property)) {
        property = withoutNull(property);
        request.getProperties().put(name, property);
        request.getRequired().remove(name);
      }
      Stream.of(property, property.getItems())
          .map(part -> referred(part, components))
          .filter(Objects::nonNull)
          .forEach(part -> leaveOut(part, components));
    }
  }

  private static boolean isNullable(Schema<?> schema) {
    return (Objects.requireNonNullElse(schema.getTypes(), Set.of()).contains("null")
        || schema.getOneOf() != null);
  }

  private static Schema<?> withoutNull(Schema<?> schema) {
    if (schema.getOneOf() != null) {
      return Objects.requireNonNull(schema.getOneOf().getFirst());
    }
    schema.getTypes().remove("null");
    return schema;
  }

  private static @Nullable Schema<?> referred(@Nullable Schema<?> schema, Components components) {
    String reference = schema == null ? null : schema.get$ref();
    return reference == null
        ? null
        : components.getSchemas().get(reference.substring(reference.lastIndexOf('/') + 1));
  }
}
