/**
 * Kafka: integration events out, payments in. Active only where Kafka is configured; only {@code
 * app} depends on it.
 */
@NullMarked
package io.kontor.integration;

import org.jspecify.annotations.NullMarked;
