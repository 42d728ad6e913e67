/** Carries the tenant with every message and binds it again wherever the message is handled. */
@NullMarked
package io.kontor.tenancy.messaging;

import org.jspecify.annotations.NullMarked;
