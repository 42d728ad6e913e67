/**
 * Kafka: what the bank tells other systems, and what comes from them. All that is here is there
 * only when a Kafka is configured; nothing else of the bank knows of it.
 */
@NullMarked
package io.kontor.integration;

import org.jspecify.annotations.NullMarked;
