/**
 * What is on hand of an item, and for whom some of it is set aside. It knows neither orders nor
 * money that moves.
 */
@NullMarked
package io.kontor.command.inventory;

import org.jspecify.annotations.NullMarked;
