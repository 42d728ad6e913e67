/** Health of this node, from state in memory: no health request waits for the database. */
@NullMarked
package io.kontor.app.health;

import org.jspecify.annotations.NullMarked;
