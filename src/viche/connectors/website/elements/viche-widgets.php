<?php
/**
 * Plugin Name: Viche: participatory budget widgets
 * Description: Widgets of the participatory budget of @TITLE@: a shortcode, and previews of its pages by their address.
 * Version: @VERSION@
 * Requires at least: 5.0
 * Requires PHP: 7.2
 * License: EUPL-1.2
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const VICHE_ROOT = '@ROOT@';
const VICHE_SLUG = '@SLUG@';
const VICHE_SCRIPT = '@SCRIPT@';
const VICHE_INTEGRITY = '@INTEGRITY@';

/** Where the pages of the body begin. */
function viche_base() {
	return VICHE_ROOT . ( '' === VICHE_SLUG ? '' : VICHE_SLUG . '/' );
}

/**
 * [viche kind="status" contest="2026"]: a widget. kind: status, vote, projects, project, map, turnout or results.
 * script="no" puts in a plain frame of fixed height.
 */
function viche_shortcode( $given ) {
	$defaults = array(
		'kind' => 'status', 'contest' => '', 'project' => '', 'n' => '', 'state' => '', 'type' => '', 'size' => '',
		'area' => '', 'theme' => '', 'accent' => '', 'lang' => '', 'height' => '480', 'script' => 'yes',
	);
	$said = shortcode_atts( $defaults, $given, 'viche' );
	$kind = preg_replace( '/[^a-z]/', '', $said['kind'] );
	$names = array( 'contest', 'project', 'n', 'state', 'type', 'size', 'area', 'theme', 'accent', 'lang' );
	$asked = array();
	foreach ( $names as $name ) {
		if ( '' !== $said[ $name ] ) {
			$asked[ $name ] = $said[ $name ];
		}
	}
	$src = viche_base() . 'widgets/' . $kind . '/' . ( $asked ? '?' . http_build_query( $asked ) : '' );
	$title = 'en' === $said['lang'] ? 'Participatory budget' : 'Громадський бюджет';
	if ( 'no' === $said['script'] ) {
		return sprintf(
			'<iframe src="%s" title="%s" width="100%%" height="%d" loading="lazy" frameborder="0"></iframe>',
			esc_url( $src ), esc_attr( $title ), (int) $said['height']
		);
	}
	wp_enqueue_script( 'viche-widget', VICHE_SCRIPT, array(), null, true );
	$attributes = sprintf( ' kind="%s"', esc_attr( $kind ) );
	if ( '' !== VICHE_SLUG ) {
		$attributes .= sprintf( ' community="%s"', esc_attr( VICHE_SLUG ) );
	}
	foreach ( $asked as $name => $value ) {
		$attributes .= sprintf( ' %s="%s"', $name, esc_attr( $value ) );
	}
	return sprintf(
		'<viche-widget%s><a href="%s">%s</a></viche-widget>', $attributes, esc_url( viche_base() ), esc_html( $title )
	);
}
add_shortcode( 'viche', 'viche_shortcode' );

/** The script is taken only as it was given out: the browser compares its hash. */
function viche_script_tag( $tag, $handle ) {
	if ( 'viche-widget' !== $handle ) {
		return $tag;
	}
	return str_replace(
		' src=', ' async crossorigin="anonymous" integrity="' . esc_attr( VICHE_INTEGRITY ) . '" src=', $tag
	);
}
add_filter( 'script_loader_tag', 'viche_script_tag', 10, 2 );

/** The address of a page on a line of its own, or in the block “Embed”, becomes its widget. */
function viche_providers() {
	wp_oembed_add_provider( viche_base() . '*', VICHE_ROOT . 'oembed' );
}
add_action( 'init', 'viche_providers' );
