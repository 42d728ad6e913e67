/**
 * Copies of rows of read models, in this process and in Redis. A copy knows the version that it was
 * made from and is used only while no later change of its row is known; without notifications of
 * changes no copy is used.
 */
@NullMarked
package io.kontor.cache;

import org.jspecify.annotations.NullMarked;
