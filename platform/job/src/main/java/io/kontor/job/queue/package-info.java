/**
 * Jobs that a person can see and steer: they wait in {@code kontor.job}, are admitted by priority
 * and within limits a tenant and a type, run on db-scheduler, and end completed, dead, cancelled or
 * discarded.
 */
@NullMarked
package io.kontor.job.queue;

import org.jspecify.annotations.NullMarked;
