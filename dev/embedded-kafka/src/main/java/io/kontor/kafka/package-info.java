/** A Kafka broker in this process, for tests and benchmarks only. */
@NullMarked
package io.kontor.kafka;

import org.jspecify.annotations.NullMarked;
