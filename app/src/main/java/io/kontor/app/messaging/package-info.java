/** How messages are serialized, and what metadata travels with them. */
@NullMarked
package io.kontor.app.messaging;

import org.jspecify.annotations.NullMarked;
