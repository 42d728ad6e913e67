/** Payments that come from outside become deposits, each once. */
@NullMarked
package io.kontor.integration.inbound;

import org.jspecify.annotations.NullMarked;
