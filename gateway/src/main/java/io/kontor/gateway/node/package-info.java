/** The nodes behind the gateway: which are up, and which one gets the next request. */
@NullMarked
package io.kontor.gateway.node;

import org.jspecify.annotations.NullMarked;
