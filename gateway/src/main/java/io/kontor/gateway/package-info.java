/** The gateway: a program that stands in front of nodes, and how it is configured. */
@NullMarked
package io.kontor.gateway;

import org.jspecify.annotations.NullMarked;
