/**
 * The read models: what each event changes in them. Nothing here decides or answers anything; how
 * changes reach the database is the engine's business.
 */
@NullMarked
package io.kontor.projections;

import org.jspecify.annotations.NullMarked;
