/** The Kafka connection and its topics. */
@NullMarked
package io.kontor.integration.kafka;

import org.jspecify.annotations.NullMarked;
