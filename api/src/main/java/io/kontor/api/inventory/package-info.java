/** Products and their stock: an item's commands, events, results and queries. */
@NullMarked
package io.kontor.api.inventory;

import org.jspecify.annotations.NullMarked;
