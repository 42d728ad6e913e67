package io.kontor.api.order;

import java.util.Set;
import java.util.UUID;

/** Answers the ids of those among the orders that are at rest, whichever customer's they are. */
public record FindOrdersAtRest(Set<UUID> orders) {}
