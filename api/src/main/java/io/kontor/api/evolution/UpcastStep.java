package io.kontor.api.evolution;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One step from an event's older form to the next.
 *
 * @param type the event's name in the catalogue
 * @param from the revision that is stored; null for events from before they had one
 * @param to the revision that comes of it
 * @param change changes the event's JSON; it may change the object that it is given
 */
public record UpcastStep(
    String type, @Nullable String from, String to, UnaryOperator<ObjectNode> change) {}
