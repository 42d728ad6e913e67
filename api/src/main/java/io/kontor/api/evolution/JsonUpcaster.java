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
 * All steps, applied to events as they are read. However many there are, an event in today's form
 * costs one look-up of its type, and no JSON is parsed for it.
 */
public final class JsonUpcaster implements EventUpcaster {
  private final Map<String, List<UpcastStep>> byType = new HashMap<>();

  /**
   * @param steps of one type in any order; each stored form has one next
   * @throws IllegalArgumentException when a form has two, or one leads back to itself
   */
  public JsonUpcaster(List<UpcastStep> steps) {
    for (UpcastStep step : steps) {
      List<UpcastStep> known = byType.getOrDefault(step.type(), List.of());
      if (next(known, step.from()) != null || leadsBack(known, step)) {
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

  private static boolean leadsBack(List<UpcastStep> known, UpcastStep added) {
    String reached = added.to();
    for (UpcastStep step = next(known, reached); step != null; step = next(known, reached)) {
      reached = step.to();
    }
    return reached.equals(added.from());
  }
}
