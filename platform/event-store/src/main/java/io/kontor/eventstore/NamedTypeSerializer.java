package io.kontor.eventstore;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.kontor.eventstore.event.EventErased;
import io.kontor.eventstore.idempotency.RequestAnswered;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;

/** JSON with stable type names instead of Java class names. */
public final class NamedTypeSerializer extends Jackson3Serializer {
  private final Map<String, Class<?>> classes;
  private final Map<Class<?>, SerializedType> types;

  private NamedTypeSerializer(Builder settings, Map<String, Class<?>> classes) {
    super(settings);
    this.classes = Map.copyOf(classes);
    this.types =
        classes.entrySet().stream()
            .collect(
                toUnmodifiableMap(
                    Map.Entry::getValue,
                    named ->
                        new SimpleSerializedType(
                            named.getKey(), getRevisionResolver().revisionOf(named.getValue()))));
  }

  /**
   * @param settings how JSON is written
   * @param classes the types' names; a type that is missing here uses its class name
   */
  public static NamedTypeSerializer of(Builder settings, Map<String, Class<?>> classes) {
    Map<String, Class<?>> all = new HashMap<>(classes);
    all.put(RequestAnswered.NAME, RequestAnswered.class);
    all.put(EventErased.NAME, EventErased.class);
    return new NamedTypeSerializer(settings, all);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public SerializedType typeForClass(@Nullable Class type) {
    SerializedType named = type == null ? null : types.get(type);
    return named == null ? super.typeForClass(type) : named;
  }

  @Override
  public Class<?> classForType(SerializedType type) {
    Class<?> named = classes.get(type.getName());
    return named == null ? super.classForType(type) : named;
  }
}
