package io.kontor.api.order;

import io.kontor.api.Versioned;
import java.util.UUID;

/** What an order's commands answer: how it stands after the command. */
public record OrderAnswer(UUID id, OrderStatus status, long version) implements Versioned {}
