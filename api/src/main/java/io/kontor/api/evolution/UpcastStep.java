package io.kontor.api.evolution;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One step from an older form of an event to the next.
 *
 * @param type the event's name in {@link EventTypeRegistry}
 * @param from the stored revision; null for events stored without one
 * @param to the resulting revision
 * @param change changes the event's JSON; may modify its argument
 */
public record UpcastStep(
    String type, @Nullable String from, String to, UnaryOperator<ObjectNode> change) {}
