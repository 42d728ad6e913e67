package io.kontor.api.evolution;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Applies the upcast steps to events as they are read. An event in its current form costs one
 * look-up by type, whatever the number of steps, and its JSON is not parsed.
 */
public final class JsonUpcaster implements EventUpcaster {
  private final Map<String, List<UpcastStep>> byType = new HashMap<>();

  /**
   * @param steps in any order; at most one from each revision of a type
   * @throws IllegalArgumentException when there are two from a revision, or steps form a circle
   */
  public JsonUpcaster(List<UpcastStep> steps) {
    for (UpcastStep step : steps) {
      List<UpcastStep> known = byType.getOrDefault(step.type(), List.of());
      if (next(known, step.from()) != null || closesCircle(known, step)) {
        throw new IllegalArgumentException(
            "%s, revision %s: leads to two forms, or back to itself"
                .formatted(step.type(), step.from()));
      }
      byType.put(step.type(), Stream.concat(known.stream(), Stream.of(step)).toList());
    }
  }

  @Override
  public Stream<IntermediateEventRepresentation> upcast(
      Stream<IntermediateEventRepresentation> events) {
    return events.map(this::upcast);
  }

  private IntermediateEventRepresentation upcast(IntermediateEventRepresentation event) {
    SerializedType type = event.getType();
    List<UpcastStep> steps = byType.get(type.getName());
    if (steps == null) {
      return event;
    }
    IntermediateEventRepresentation current = event;
    for (UpcastStep step = next(steps, type.getRevision());
        step != null;
        step = next(steps, step.to())) {
      current =
          current.upcastPayload(
              new SimpleSerializedType(step.type(), step.to()), ObjectNode.class, step.change());
    }
    return current;
  }

  private static @Nullable UpcastStep next(List<UpcastStep> steps, @Nullable String revision) {
    for (UpcastStep step : steps) {
      if (Objects.equals(step.from(), revision)) {
        return step;
      }
    }
    return null;
  }

  private static boolean closesCircle(List<UpcastStep> known, UpcastStep added) {
    String reached = added.to();
    for (UpcastStep step = next(known, reached); step != null; step = next(known, reached)) {
      reached = step.to();
    }
    return reached.equals(added.from());
  }
}
