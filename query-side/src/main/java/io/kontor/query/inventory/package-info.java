/** Queries of products and their stock. */
@NullMarked
package io.kontor.query.inventory;

import org.jspecify.annotations.NullMarked;
