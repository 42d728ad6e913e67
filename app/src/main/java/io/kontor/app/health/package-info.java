/** Whether this node is well, from what it knows already: no answer here waits for a database. */
@NullMarked
package io.kontor.app.health;

import org.jspecify.annotations.NullMarked;
