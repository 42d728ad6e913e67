/** A request on its way to a node and the answer on its way back, with what is tried again. */
@NullMarked
package io.kontor.gateway.proxy;

import org.jspecify.annotations.NullMarked;
