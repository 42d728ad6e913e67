package io.kontor.web.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Describes records as they are read and written here. A component is required unless it is
 * {@code @Nullable}; a {@code @Nullable} one is left out where the record excludes nulls, and null
 * otherwise. A nested record is named after its outer class, too, so that no two share a name.
 */
public final class RecordSchemas implements ModelConverter {
  private static final String COMPONENTS = "#/components/schemas/";

  private final Map<String, JavaType> described = new ConcurrentHashMap<>();
  private final Map<Class<?>, Supplier<Schema<?>>> values;

  /**
   * @param values the schemas of types that are written as one value, such as an id
   */
  public RecordSchemas(Map<Class<?>, Supplier<Schema<?>>> values) {
    this.values = Map.copyOf(values);
  }

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    JavaType java = Json.mapper().constructType(type.getType());
    Supplier<Schema<?>> value = java == null ? null : values.get(java.getRawClass());
    if (value != null) {
      return named(java.getRawClass().getSimpleName(), value.get(), context);
    }
    boolean isRecord = java != null && java.getRawClass().isRecord();
    if (isRecord && type.getName() == null) {
      type.setName(unique(java));
    }
    Schema<?> resolved = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    if (isRecord && resolved != null) {
      complete(java.getRawClass(), model(resolved, context));
    }
    return resolved;
  }

  /** An object is described once, and referred to. */
  private static Schema<?> named(String name, Schema<?> value, ModelConverterContext context) {
    if (value.getProperties() == null) {
      return value;
    }
    context.defineModel(name, value);
    return new JsonSchema().$ref(COMPONENTS + name);
  }

  private static Schema<?> model(Schema<?> resolved, ModelConverterContext context) {
    String reference = resolved.get$ref();
    return reference == null
        ? resolved
        : Optional.<Schema<?>>ofNullable(
                context.getDefinedModels().get(reference.substring(COMPONENTS.length())))
            .orElse(resolved);
  }

  private static void complete(Class<?> type, Schema<?> model) {
    if (model.getProperties() == null) {
      return;
    }
    Set<String> required = new LinkedHashSet<>();
    addRequired(type, model, required);
    model.setRequired(new ArrayList<>(required));
  }

  private static void addRequired(Class<?> type, Schema<?> model, Set<String> required) {
    JsonInclude include = type.getAnnotation(JsonInclude.class);
    for (RecordComponent component : type.getRecordComponents()) {
      String name = nameOf(component);
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
        addRequired(component.getType(), model, required);
      } else if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        required.add(name);
      } else if (include == null
          && !component.getAccessor().isAnnotationPresent(JsonInclude.class)) {
        required.add(name);
        model.getProperties().computeIfPresent(name, (_, schema) -> orNull(schema));
      }
    }
  }

  private static String nameOf(RecordComponent component) {
    JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
    return property == null || property.value().isEmpty() ? component.getName() : property.value();
  }

  private static Schema<?> orNull(Schema<?> schema) {
    var nothing = new JsonSchema();
    nothing.addType("null");
    if (schema.get$ref() != null) {
      return new JsonSchema().oneOf(new ArrayList<>(List.of(schema, nothing)));
    }
    schema.addType("null");
    return schema;
  }

  /**
   * @throws IllegalStateException when another type is described by the same name
   */
  private String unique(JavaType type) {
    String name = name(type);
    JavaType other = described.putIfAbsent(name, type);
    if (other != null && !other.equals(type)) {
      throw new IllegalStateException("%s and %s are both %s".formatted(other, type, name));
    }
    return name;
  }

  private static String name(JavaType type) {
    var name = new StringBuilder();
    for (int i = 0; i < type.containedTypeCount(); i++) {
      name.append(name(type.containedType(i)));
    }
    return name.append(name(type.getRawClass())).toString();
  }

  private static String name(Class<?> type) {
    var schema = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    if (schema != null && !schema.name().isEmpty()) {
      return schema.name();
    }
    Class<?> outer = type.getDeclaringClass();
    return outer == null
        ? type.getSimpleName()
        : outer.getSimpleName().replaceFirst("Details$", "") + type.getSimpleName();
  }
}
