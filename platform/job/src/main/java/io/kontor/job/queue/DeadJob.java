package io.kontor.job.queue;

import java.util.UUID;

/** A job of the current tenant has failed as often as it may, and waits for a person. */
public record DeadJob(UUID id) {}
