/** The HTTP calls that place and cancel orders, and recover their processes. */
@NullMarked
package io.kontor.command.order.web;

import org.jspecify.annotations.NullMarked;
