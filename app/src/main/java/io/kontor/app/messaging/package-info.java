/** Serialization of messages, and the metadata they carry. */
@NullMarked
package io.kontor.app.messaging;

import org.jspecify.annotations.NullMarked;
