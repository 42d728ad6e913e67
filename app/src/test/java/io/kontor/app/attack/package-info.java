/**
 * Attacks on the wall between tenants, over SQL and over HTTP, and every kind of bad input. What
 * there is to attack is asked of the running parts, so that nothing new goes unattacked.
 */
@NullMarked
package io.kontor.app.attack;

import org.jspecify.annotations.NullMarked;
