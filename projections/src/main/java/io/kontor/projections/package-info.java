/**
 * The projections: what each event changes in the read models. They make no decisions and serve no
 * queries; the engine writes their changes to the database.
 */
@NullMarked
package io.kontor.projections;

import org.jspecify.annotations.NullMarked;
