/** Where Kafka is, and the topics on it. */
@NullMarked
package io.kontor.integration.kafka;

import org.jspecify.annotations.NullMarked;
