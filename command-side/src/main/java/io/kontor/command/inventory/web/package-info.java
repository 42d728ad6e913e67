/** The HTTP calls that change products and stock. */
@NullMarked
package io.kontor.command.inventory.web;

import org.jspecify.annotations.NullMarked;
