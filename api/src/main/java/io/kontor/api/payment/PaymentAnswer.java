package io.kontor.api.payment;

import io.kontor.api.Versioned;
import java.util.UUID;

/** What a payment's commands answer: how it stands after the command. */
public record PaymentAnswer(UUID id, PaymentStatus status, long version) implements Versioned {}
