/** The HTTP calls that register products and add stock. */
@NullMarked
package io.kontor.command.inventory.web;

import org.jspecify.annotations.NullMarked;
