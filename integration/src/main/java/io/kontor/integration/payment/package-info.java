/** Inbound payments: messages that become deposits, each once. */
@NullMarked
package io.kontor.integration.payment;

import org.jspecify.annotations.NullMarked;
