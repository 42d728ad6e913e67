/** The real Kafka, in this process: for tests, benchmarks and nothing that serves a bank. */
@NullMarked
package io.kontor.kafka;

import org.jspecify.annotations.NullMarked;
