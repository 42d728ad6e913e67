/** Standing orders over time: a job executes each due date. */
@NullMarked
package io.kontor.sagas.standingorder;

import org.jspecify.annotations.NullMarked;
