package io.kontor.api.payment;

import io.kontor.api.message.VersionedResult;
import java.util.UUID;

/** The result of a payment's commands: its state after the command. */
public record PaymentResult(UUID id, PaymentStatus status, long version)
    implements VersionedResult {}
